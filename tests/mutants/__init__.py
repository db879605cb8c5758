"""Defects that the tests must find: planted by hand (`*.patch`), or made of the heart's own operators.

A patch begins with what it is: `Invariant:` its number (or numbers), `Defect:` what goes wrong, and one
`Caught by:` for each test that has to go red (a pytest node; all of its parameters together count as one).
`Database: sqlite` has those tests run on SQLite, `Database: made anew` on a database that the patched tree's
own migrations have made, as for every patch of a migration. Make a patch with `git diff -U1`.
"""
