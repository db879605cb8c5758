"""What a recipient prefers at one address, changed from their order's page.

Opting out is proved with a code sent to the contact it is for; the way back needs none.
"""
