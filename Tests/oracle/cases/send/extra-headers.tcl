send [hello] -header {Subject {hello there}} -header {X-One 1} -header {X-One 2} -header {Reply-To r@example.com}
