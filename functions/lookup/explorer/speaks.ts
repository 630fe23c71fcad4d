/** Whether a path is the page's or one of its files. */
export const speaksExplorer = (path: string): boolean => /^\/{1,2}$|^\/assets\//.test(path);
