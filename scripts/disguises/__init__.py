"""Transformations that hide where code comes from: one module each, all on syntax trees. See docs/disguise.md."""
