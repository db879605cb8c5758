"""What bin/faults runs: the service and its parts as processes of their own, and what breaks between them."""
