type Speaks = (path: string) => boolean;

// Which paths belong to a dialect, known before the dialect is loaded.

export const speaksVonage: Speaks = (path) =>
  path.startsWith('/conversation-analyzer/') || path.startsWith('/interaction-content/');
export const speaksTalkdesk: Speaks = (path) => /^\/(conversations|calls|recordings)\//.test(path);
export const speaksSalesloft: Speaks = (path) => path.startsWith('/v2/');
export const speaksMagpipe: Speaks = (path) => /^\/(get-call|list-calls|get-signed-recording-url)\/?$/.test(path);
