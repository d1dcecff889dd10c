"""The builder of demo data and the demo's post room; imported by ``app`` only.

Everybody here is invented. Addresses stand under ``.example``, telephone numbers in
the ranges reserved for drama, NHS numbers in the range that is never given out.
"""
