import { config } from 'zod/mini';

config({ jitless: true }); // before the first schema is made: no code is made of strings

export * as z from 'zod/mini';
