"""Every sentence that a person reads, in every language, and the rendering of what was said for one reader."""
