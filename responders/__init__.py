"""What we answer: cases, deadlines, drafts, review verbs, release channels."""
