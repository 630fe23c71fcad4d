import { inventDialogue } from '../invent/dialogue.ts';
import { salesFrench } from '../invent/french.ts';
import { salesGerman } from '../invent/german.ts';
import { domainOf, inventCompany, inventPerson, inventProduct } from '../invent/people.ts';
import { salesEnglish } from '../invent/sales-english.ts';
import type { InventShape } from '../invent/shape.ts';
import { inventDelayUs, inventLanguage, lively } from '../invent/shape.ts';
import type { Growth } from '../invent/timeline.ts';
import { growing, inventMoments } from '../invent/timeline.ts';
import type { Random } from '../random.ts';
import { between, chance, pick, seededRandom, uuid } from '../random.ts';
import { usPerMs, usPerSecond } from '../stamp.ts';
import type { SalesloftAttendee, SalesloftRecord, SalesloftWorld } from './world.ts';

const phrases = { en: salesEnglish, de: salesGerman, fr: salesFrench };
const languageCodes = { en: ['en-GB', 'en-US'], de: ['de-DE'], fr: ['fr-FR'] } as const;
const platforms = ['zoom', 'ms_teams', 'google_meet', 'webex', 'salesloft'] as const;
const repDomain = 'sales.example.com';

/** That many conversations, created in [fromMs, toMs); equal arguments give an equal world. */
export function inventSalesloftWorld(
  seed: string,
  fromMs: number,
  toMs: number,
  count: number,
  shape: Partial<InventShape> = {},
): SalesloftWorld {
  const full = { ...lively, ...shape };
  const moments = inventMoments(seededRandom(seed, 'moments'), fromMs, toMs, count, full);
  const prompt = { ...full, lateShare: 0, neverShare: 0 };
  const conversations = moments.map((atUs, i) => {
    // those of one moment keep it as their updated_at too, or a list by that would not hold them together
    const isShared = atUs === moments[i - 1] || atUs === moments[i + 1];
    const record = inventRecord(seededRandom(seed, i), atUs, isShared ? prompt : full);
    return isShared ? { ...record, updatesUs: [] } : record;
  });
  return { organizationId: uuid(seededRandom(seed, 'organization')), conversations, revision: 0 };
}

/** A world that grows with the clock: some conversations of the last days, then a new one every few seconds. */
export function growingSalesloftWorld(growth: Growth): (nowMs: number) => SalesloftWorld {
  const world: SalesloftWorld = {
    organizationId: uuid(seededRandom(growth.seed, 'organization')),
    conversations: [],
    revision: 0,
  };
  const more = growing(growth, (random, atUs) => inventRecord(random, atUs, lively));
  return (nowMs) => {
    world.conversations.push(...more(nowMs));
    return world;
  };
}

function inventRecord(random: Random, createdAtUs: number, shape: InventShape): SalesloftRecord {
  const language = inventLanguage(random, shape);
  const company = inventCompany(random);
  const rep = inventPerson(random, language, repDomain);
  const buyer = inventPerson(random, language, domainOf(company));
  const attendees = inventAttendees(random, rep, buyer);
  const fill = { agent: rep.name, customer: buyer.name, company, product: inventProduct(random), language };
  const { turns, seconds, ...content } = inventDialogue(random, phrases[language], fill, turnsOf(random, shape));
  const endUs = wholeMs(createdAtUs - between(random, 2, 8) * usPerSecond);
  const delayUs = inventDelayUs(random, shape);
  const transcriptUs = delayUs === null ? null : createdAtUs + delayUs;
  const summaryUs = transcriptUs === null ? null : transcriptUs + between(random, 0, 15) * usPerSecond;
  const isCall = chance(random, 0.3);
  const ownerId = uuid(seededRandom(rep.email));
  return {
    id: uuid(random),
    title: content.title,
    durationMs: seconds * 1_000,
    isApi: chance(random, 0.05),
    platform: isCall ? 'salesloft' : pick(random, platforms),
    mediaType: isCall ? 'audio' : 'video',
    languageCode: pick(random, languageCodes[language]),
    ownerId,
    ownerEmail: rep.email,
    userGuid: ownerId,
    startUs: endUs - seconds * usPerSecond,
    endUs,
    callId: isCall ? String(between(random, 1e6, 9e6)) : null,
    accountId: String(between(random, 1e6, 9e6)),
    personId: isCall ? String(between(random, 1e6, 9e6)) : null,
    opportunityId: null,
    attendees,
    invitees: isCall ? [] : [{ fullName: buyer.name, email: buyer.email }],
    createdAtUs,
    visibleAtUs: createdAtUs,
    // a summary moves updated_at in half of the cases: whether it does is not documented
    updatesUs: laterThan(createdAtUs, [transcriptUs, chance(random, 0.5) ? summaryUs : null]),
    offsetMinutes: chance(random, 0.15) ? pick(random, [-300, 60, 120, 330]) : 0,
    recordingAtUs: createdAtUs,
    transcript:
      transcriptUs === null
        ? null
        : {
            id: uuid(random),
            atUs: transcriptUs,
            sentences: turns.map(({ side, ...turn }) => ({ ...turn, speaker: side === 'ours' ? 0 : 1 })),
          },
    summary: summaryUs === null ? null : { id: uuid(random), text: content.summary, atUs: summaryUs },
    actionItems: [{ id: uuid(random), text: content.action }],
    keyMoments: [{ name: 'Next steps', categories: ['commitment'] }],
  };
}

/** The other side's e-mail is at times empty or junk, as seen at the real one. */
function inventAttendees(
  random: Random,
  rep: { name: string; email: string },
  buyer: { name: string; email: string },
): SalesloftAttendee[] {
  const email = pick(random, [buyer.email, buyer.email, buyer.email, '', 'na']);
  return [
    { id: uuid(random), fullName: rep.name, email: rep.email, isInternal: true },
    { id: uuid(random), fullName: buyer.name, email, isInternal: false },
  ];
}

function turnsOf(random: Random, { turns }: InventShape): number {
  return between(random, turns.min, turns.max);
}

function laterThan(us: number, moments: readonly (number | null)[]): number[] {
  return moments.filter((at) => at !== null).filter((at, i, all) => at > us && all.indexOf(at) === i);
}

/** Meeting times have milliseconds only, as calendars do. */
function wholeMs(us: number): number {
  return Math.floor(us / usPerMs) * usPerMs;
}
