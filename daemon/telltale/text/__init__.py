"""Text as it is read: blocks into sentences, with exact offsets."""
