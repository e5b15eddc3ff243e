"""Where takes and drawn pictures are kept by content: a folder, or any S3-compatible storage."""
