"""What all pages share: base page, style, icons, and the document with its facts marked."""
