// Sources of Submission.
