"""The pages of support's admin that are not Django's own."""
