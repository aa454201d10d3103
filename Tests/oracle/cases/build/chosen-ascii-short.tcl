build [hello "short lines\nof plain text\n"]
