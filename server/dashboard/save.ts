/** Hands a file to the browser to be saved. */
export function save(file: File): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser has taken hold of it with the click.
  URL.revokeObjectURL(url);
}
