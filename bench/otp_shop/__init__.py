"""The handoff as a user would assemble it from django-otp, and the bare views it is measured beside."""
