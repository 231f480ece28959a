"""Work safety: graded risks, hidden dangers, safety credit of enterprises, and training that falls due."""
