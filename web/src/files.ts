// Files as requests carry them.
export interface SentFile {
  name: string;
  value: string;
  encoding: "base64";
}

export function sent(file: File): Promise<SentFile> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.onload = () => done({ name: plainName(file.name), value: String(reader.result).split(",")[1] ?? "", encoding: "base64" });
    reader.onerror = () => fail(reader.error);
    reader.readAsDataURL(file);
  });
}

/** A name of a file with letters that every system takes. */
function plainName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.\- ()]/gu, "_").replace(/^\.+/, "").slice(-120) || "file";
}
