"""The account's pages, under `/account/`: signing in and up, contacts, password, orders."""
