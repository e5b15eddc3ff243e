"""Speech from text, with phones and their times: English, Mandarin, and a fall-back for both."""
