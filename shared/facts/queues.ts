/** What stands behind the name or the address of a queue to give those of its dead letters. */
export const deadLetterSuffix = '-dead';

/** Times that a message is received before it goes to the dead letters. */
export const mostReceives = 5;
