import { z } from '../model/schema.ts';
import { LEVELS, type Level, RULE_CODES, type RuleCode } from './rules.ts';

const levelSchema = z.enum([...LEVELS, 'off']);

/** `vacancy.config.json`: which level each rule has here. There is no code in it. */
export const configSchema = z.strictObject({
  $schema: z.optional(z.string()),
  rules: z
    .optional(z.partialRecord(z.enum(RULE_CODES), levelSchema))
    .check(z.describe('The level of a rule, by its code; off for one that is not wanted')),
});

export type Config = z.infer<typeof configSchema>;

/** JSON Schema (draft 2020-12) of a configuration. */
export const configJsonSchema = (): unknown => z.toJSONSchema(configSchema, { target: 'draft-2020-12' });

/** A rule's level under a configuration; null where it is off. */
export function levelOf(code: string, level: Level, config: Config): Level | null {
  const set = config.rules?.[code as RuleCode];
  return set === 'off' ? null : (set ?? level);
}
