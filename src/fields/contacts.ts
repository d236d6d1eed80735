import { cite } from '../choose.ts';
import type { Evidence } from '../model/candidate.ts';
import { z } from '../model/schema.ts';
import { squash } from '../normalise/phrases.ts';
import type { Fact } from '../segment/facts.ts';
import { cut, cutMatch, firstMatch, type Passage } from '../segment/passages.ts';
import { type Context, type Field, sentencesWith } from './field.ts';
import { namesOrganisation, namesRole } from './names.ts';

export interface Contact {
  name: string | null;
  jobTitle: string | null;
  email: string | null;
  phone: string | null;
}

export interface ContactValues {
  contacts: Contact[];
}

const text = z.nullable(z.string());

/** The people or desks that an advert gives for questions, as printed. */
export const contacts: Field<ContactValues> = {
  name: 'contacts',
  schema: { contacts: z.array(z.strictObject({ name: text, jobTitle: text, email: text, phone: text })) },
  read(context) {
    const known = unique([...labelled(context), ...stacked(context), ...stated(context)]);
    const found = known.length > 0 ? known : unique(addresses(context));
    if (found.length === 0) return { contacts: null };
    return {
      contacts: {
        value: found.map(({ value }) => value),
        evidence: [],
        parts: Object.fromEntries(found.map(({ evidence }, index) => [`/${index}`, evidence])),
      },
    };
  },
};

interface Found {
  readonly value: Contact;
  readonly evidence: readonly Evidence[];
}

const EMAIL = /[A-Za-z0-9][\w.+'-]{0,60}@[A-Za-z0-9-]{1,60}(?:\.[A-Za-z0-9-]{1,30}){1,5}(?<![.-])/;
const PHONE =
  /(?<![\d/.-])(?:\+44\s?(?:\(0\)\s?)?|\(?0)(?:\d[\s()-]{0,2}){8,10}\d(?:\s?(?:ext\.?|x|extension)\s?\d{2,6})?(?!\d)/;
const PERSON =
  /^(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof(?:essor)?|Rev(?:erend)?|Cllr|Councillor|Sir|Dame)\.?\s)?[A-Z][a-zà-ÿ’'-]+(?:[A-Z][a-z]+)?(?:\s(?:[A-Z]\.?|[A-Z][a-zà-ÿ]{0,30}[’'-]?[A-Z]?[a-zà-ÿ-]{1,30}(?:[’'-][A-Z][a-zà-ÿ]{1,30}){0,3}|de|van|von|der|al)){1,3}$/;

/** Runs of labelled contact facts: Name / Job title / Email address / Telephone number. */
function labelled(context: Context): Found[] {
  const groups: Fact[][] = [];
  let open: Fact[] | null = null;
  for (const fact of context.facts) {
    if (fact.zone !== 'advert') continue;
    const isPart =
      /^contact(?:Name|JobTitle|Email|Phone)$/.test(fact.key) ||
      (fact.key === 'title' && (fact.section === 'contact' || open?.at(-1)?.key === 'contactName'));
    if (!isPart) {
      if (fact.key !== 'other') open = null;
      continue;
    }
    if (fact.key === 'contactName' || open === null || open.some((other) => other.key === fact.key)) {
      open = [];
      groups.push(open);
    }
    open.push(fact);
  }
  return groups.flatMap((group) => {
    const value = (key: Fact['key']) => group.find((fact) => fact.key === key)?.values[0];
    const nameValue = value('contactName');
    const email = findIn(group, EMAIL);
    const phone = findIn(group, PHONE);
    const name = nameValue === undefined ? null : personIn(nameValue);
    if (name === null && email === null && phone === null) return [];
    const inner = nameValue === undefined ? null : jobTitleAfter(nameValue, name);
    const role = value('contactJobTitle') ?? value('title') ?? inner;
    return [build(name, role ?? null, email, phone)];
  });
}

function findIn(group: readonly Fact[], pattern: RegExp): Passage | null {
  for (const fact of group) {
    const words = firstMatch(fact.values[0], pattern);
    if (words !== null) return words;
  }
  return null;
}

function personIn(passage: Passage): Passage | null {
  const first = passage.text.split(/,|\s[-–—]\s|\s\(|\son\s|\sat\s|\bemail\b|\btel\b|:/i)[0] ?? '';
  return PERSON.test(first.trim()) ? cut(passage, 0, first.length) : null;
}

/** "Imelda Ferris-Bright, Team Manager, on 01632 …": the words between the name and the address. */
function jobTitleAfter(passage: Passage, name: Passage | null): Passage | null {
  if (name === null) return null;
  const from = name.start - passage.start + name.text.length;
  const match =
    /^[\s,(–-]{1,3}(?:the\s|our\s)?([A-Z][A-Za-z&/’' -]{2,70}?)(?=[,).]|\s?\(|\s(?:on|at|by|via|email|tel|or)\b|$)/.exec(
      passage.text.slice(from),
    );
  if (match?.[1] === undefined || !namesRole(match[1])) return null;
  const at = from + match[0].length - match[1].length;
  return cut(passage, at, at + match[1].length);
}

/** "our Curator, Cuthbert Ames": the words before the name. */
function jobTitleBefore(passage: Passage, name: Passage): Passage | null {
  const before = passage.text.slice(0, name.start - passage.start);
  const match = /\b(?:our|the)\s((?:[A-Z][\w’'&/-]{0,30}(?![\w’'&/-])\s?(?:of\s|for\s|and\s)?){1,6}),?\s$/.exec(before);
  if (match?.[1] === undefined || !namesRole(match[1])) return null;
  const at = match.index + match[0].indexOf(match[1]);
  return cut(passage, at, at + match[1].length);
}

/** NHS Jobs prints the contact without labels: post, name, e-mail and telephone, a line each. */
function stacked(context: Context): Found[] {
  return context.sections.flatMap((section) => {
    if (section.kind !== 'contact' || section.zone === 'tail' || section.blocks.length < 2) return [];
    const lines = section.blocks.flatMap((block): Passage[] =>
      block.kind === 'paragraph' ? [{ text: block.text, start: block.span.start }] : [],
    );
    if (lines.some((line) => /^(?:name|job title|email address)\b/i.test(line.text))) return [];
    // "Faisal Qureshi, Chief Executive, 01632 960801": a line each.
    const listed = lines.flatMap((line): Found[] => {
      const [person, email, phone] = [personIn(line), firstMatch(line, EMAIL), firstMatch(line, PHONE)];
      if (person === null || (email === null && phone === null)) return [];
      return [build(person, jobTitleAfter(line, person), email, phone)];
    });
    if (listed.length > 0) return listed;
    const email = lines.find((line) => line.text.length < 80 && EMAIL.test(line.text) && !/\s/.test(line.text.trim()));
    const phone = lines.find((line) => PHONE.test(line.text) && line.text.length < 40);
    const name = lines.find((line) => PERSON.test(line.text) && !namesRole(line.text) && !namesOrganisation(line.text));
    if (name === undefined || (email === undefined && phone === undefined)) return [];
    const role = lines.find(
      (line) =>
        line !== name &&
        line.text.length < 70 &&
        namesRole(line.text) &&
        !EMAIL.test(line.text) &&
        !/[.!?]$/.test(line.text),
    );
    return [build(name, role ?? null, email ?? null, phone ?? null)];
  });
}

const INVITES =
  /\b(?:contact|call|ring|phone|telephone|e-?mail|speak (?:to|with)|talk (?:to|with)|chat (?:to|with)|get in touch with|(?:write|reply) to|enquiries to|questions (?:to|about|regarding)|discussion with|informal (?:chat|discussion|enquir\w+|talk|visit|conversation)|find out more|further information|would like to know more)\b/i;
const AN_INVITATION = new RegExp(INVITES.source, 'gi');
const NOT_CONTACT =
  /\b(?:head ?office|application forms? (?:should|to|must)|send (?:your|a) (?:cv|application|completed)|completed (?:forms?|applications?)|privacy|complain|reasonable adjustments?|whistleblow|data protection|unsuccessful|accommodation team)\b/i;

/** People named in a sentence that invites questions. */
function stated(context: Context): Found[] {
  return sentencesWith(context, AN_INVITATION).flatMap((sentence): Found[] => {
    const isBeside = sentence.section.kind === 'benefits' && !EMAIL.test(sentence.text) && !PHONE.test(sentence.text);
    if (sentence.zone === 'board' || sentence.section.kind === 'duties' || isBeside) return [];
    if (!INVITES.test(sentence.text)) return [];
    const email = firstMatch(sentence, EMAIL);
    const phone = firstMatch(sentence, PHONE);
    const name = personNamed(sentence);
    if (name === null && (NOT_CONTACT.test(sentence.text) || (email === null && phone === null))) return [];
    if (
      name === null &&
      !/\b(?:question|enquir|informal|information|chat|discuss|query|queries|know more|visit)/i.test(sentence.text)
    )
      return [];
    if (
      name !== null &&
      email === null &&
      phone === null &&
      !/\b(?:informal|information|discuss|visit|chat|question)/i.test(sentence.text)
    )
      return [];
    const desk = name ?? deskNamed(sentence);
    return [
      build(
        desk,
        name === null ? null : (jobTitleAfter(sentence, name) ?? jobTitleBefore(sentence, name)),
        email,
        phone,
      ),
    ];
  });
}

/** "Please send your CV to jobs@…", "To apply, email …": an address that nobody is named for, where no contact is. */
function addresses(context: Context): Found[] {
  return sentencesWith(context, AN_ADDRESS).flatMap((sentence): Found[] => {
    const [email, phone] = [firstMatch(sentence, EMAIL), firstMatch(sentence, PHONE)];
    const isOurs =
      sentence.zone !== 'board' &&
      /\b(?:apply|email|e-mail|contact|send|call|ring|phone|cv|enquir)/i.test(sentence.text) &&
      !/\b(?:privacy|complain|adjustments?|whistleblow|data protection|fraud|freedom of information)\b/i.test(
        sentence.text,
      );
    if (!isOurs || (email === null && phone === null)) return [];
    return [build(null, null, email, phone)];
  });
}

/** What every address for applications has. */
const AN_ADDRESS = /@|\d{3}[\s-]?\d{3}/g;

const HONORIFIC = /^(?:Mr|Mrs|Ms|Miss|Dr|Prof(?:essor)?|Rev(?:erend)?|Cllr|Councillor)\.?\s/;

function personNamed(sentence: Passage): Passage | null {
  for (const match of sentence.text.matchAll(
    /(?<![A-Za-z])(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof(?:essor)?|Rev(?:erend)?|Cllr|Councillor)\.?\s)?(?!(?:Contact|Call|Ring|Phone|Telephone|Email|Please|Det|Sgt)\s)[A-Z][a-zà-ÿ]+(?:[’'-][A-Z][a-zà-ÿ]+)?(?:\s[A-Z](?:[a-zà-ÿ]{0,30}[’'-]?[A-Z]?[a-zà-ÿ-]{1,30}))(?:\s[A-Z][a-zà-ÿ]+(?:-[A-Z][a-z]+)?)?(?![A-Za-z])/g,
  )) {
    const before = sentence.text
      .slice(0, match.index)
      .replace(/(?:Det|Sgt|PC|Insp|Supt|Captain|Sister|Father)\.?\s/g, '');
    const bare = match[0].replace(HONORIFIC, '');
    if (
      !/(?:contact|call|ring|phone|telephone|e-?mail|to|with|please|or|of|by)\s(?:either\s|please\s|me,\s|our\s[\w\s,]{0,40}|the\s[\w\s,]{0,40})?$/i.test(
        before,
      )
    )
      continue;
    if (
      namesRole(bare) ||
      namesOrganisation(bare) ||
      /\b(?:Team|Desk|Office|Department|Services?|Resources|Court|House|Road|Street|Lane|Council|Act|Regulations|Policy)\b/.test(
        match[0],
      ) ||
      /^(?:Please|For|The|Our|Human|Tel|Job|Apply|Equality|If)\b/.test(match[0])
    )
      continue;
    return cutMatch(sentence, match);
  }
  return null;
}

/** "the Recruitment Team", "our school office". */
function deskNamed(sentence: Passage): Passage | null {
  const match =
    /\b(?:contact|call|ring|email|e-mail|speak to|to|by)\s(?:the\s|our\s)?((?:[A-Z][\w’'-]*\s){0,3}(?:Team|Office|Department|Desk|Service|Resources))\b/.exec(
      sentence.text,
    );
  if (match?.[1] === undefined) return null;
  const at = match.index + match[0].length - match[1].length;
  return cut(sentence, at, at + match[1].length);
}

function build(name: Passage | null, jobTitle: Passage | null, email: Passage | null, phone: Passage | null): Found {
  const printed = (passage: Passage | null) => (passage === null || passage.text === '' ? null : squash(passage.text));
  const parts = [name, jobTitle, email, phone].filter((part) => part !== null);
  return {
    value: { name: printed(name), jobTitle: printed(jobTitle), email: printed(email), phone: printed(phone) },
    evidence: parts.map((part) => cite('contacts/named', part)),
  };
}

/** Each contact once: the same name, or an address or number that is known already; a name fills in for none. */
function unique(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  const names = new Set<string>();
  const places = new Map<string, number>(); // where each address and number is first kept
  for (const contact of found) {
    const { name, email, phone } = contact.value;
    if (contact.evidence.length === 0 || (name !== null && names.has(name))) continue;
    const ways = [...(email === null ? [] : [email]), ...(phone === null ? [] : [phone.replace(/\D/g, '')])];
    const at = ways.map((way) => places.get(way)).find((place) => place !== undefined);
    if (at !== undefined && name === null) continue;
    if (name !== null) names.add(name);
    if (at !== undefined && kept[at]?.value.name === null) kept[at] = contact;
    else kept.push(contact);
    for (const way of ways) if (!places.has(way)) places.set(way, at ?? kept.length - 1);
  }
  return kept;
}
