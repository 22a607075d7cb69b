"""Ways out of govie into other programs; each part loads its dependencies only when used."""
