"""Where bulk input comes from: compressed files, whatever fsspec reaches, and columns of tables."""

from altcraft_contract.lint.bulk.sources.columns import iter_texts

__all__ = ["iter_texts"]
