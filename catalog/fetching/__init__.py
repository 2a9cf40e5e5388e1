"""Fetching pictures by address: which addresses may be asked, and the download itself."""
