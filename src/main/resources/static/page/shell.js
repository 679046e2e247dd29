import { asksForKeys } from './api.js';

/** A text as one word of a POSIX shell's command line. */
export const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

/** What curl is told besides where keys are asked for; the key itself the shell knows. */
export const authorization = () => (asksForKeys() ? ' -H "Authorization: Bearer $TRAINYARD_KEY"' : '');
