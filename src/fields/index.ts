import { contacts } from './contacts.ts';
import { contract } from './contract.ts';
import { criteria } from './criteria/index.ts';
import { dates } from './dates/index.ts';
import { dbs } from './dbs.ts';
import { employer } from './employer.ts';
import { hours } from './hours.ts';
import { location } from './location.ts';
import { pay } from './pay/index.ts';
import { reference } from './reference.ts';
import { requirements } from './requirements.ts';
import { title } from './title.ts';

/** Every field, in no order that matters: the record's order is the schema's. */
export const FIELDS = [
  title,
  reference,
  employer,
  location,
  pay,
  dates,
  contract,
  hours,
  criteria,
  dbs,
  requirements,
  contacts,
] as const;
