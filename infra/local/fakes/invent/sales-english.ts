import type { Phrases } from './phrases.ts';

export const salesEnglish: Phrases = {
  openings: [
    ['Hi {customer}, thanks for joining. Can you hear me well?', 'Loud and clear, {agent}. Good to see you again.'],
    ['Good morning {customer}, how is everything at {company}?', 'Busy as always, but I am glad we found the time.'],
    ['Hello {customer}, this is {agent}. Is now still a good moment?', 'Yes, I have about half an hour.'],
  ],
  closings: [
    ['I will send the notes this afternoon. Thank you, {customer}.', 'Perfect, thanks {agent}. Talk soon.'],
    ['Then we speak again on {day}. Have a good rest of your day.', 'You too, goodbye.'],
  ],
  topics: [
    {
      title: '{company} renewal',
      summary: '{company} wants to renew {product} with more seats. The price for a longer term is open.',
      action: 'Send a renewal quote for {number} seats',
      exchanges: [
        ['Your contract for {product} ends in about two months.', 'Right, my finance team reminded me last week.'],
        ['How has the last year gone for your team?', 'Quite well. Adoption went from a third to nearly everybody.'],
        ['Where do you see the need for next year?', 'We will need around {number} seats, because Leeds is joining.'],
        ['Would a longer term be of interest?', 'Only if the price per seat moves. What did you have in mind?'],
        [
          'For three years I could take twelve percent off.',
          'That is closer to what I hoped for. Can you put it in writing?',
        ],
        ['Who else needs to look at the offer?', 'Our head of purchasing, and legal for the data terms.'],
        ['Has anything been missing in {product}?', 'Exports. People still copy numbers by hand on Fridays.'],
        [
          'That ships next month, I can get you into the preview.',
          'Please do, that would make the renewal an easy talk.',
        ],
      ],
    },
    {
      title: 'Rollout plan with {company}',
      summary: 'The rollout of {product} at {company} starts with one team of {number} and single sign-on comes first.',
      action: 'Share the rollout checklist with {customer}',
      exchanges: [
        ['Let us go through the rollout step by step.', 'Good, I have my project lead listening in as well.'],
        [
          'We usually begin with one team of about {number} people.',
          'Then I would take the Bristol office, they are keen.',
        ],
        ['Single sign-on should be done before the first login.', 'Our identity team needs a week of notice for that.'],
        ['Do you bring old records with you?', 'Five years of them, in three different formats, sorry.'],
        ['Our importer reads all three, we test it on a copy first.', 'Great, I was dreading that part the most.'],
        [
          'When would you like to have everybody on it?',
          'Before the quarter ends, ideally by {day} six weeks from now.',
        ],
        ['Training takes one hour per team, recorded for later.', 'Recorded is important, half of us work shifts.'],
        ['I will draft the plan and mark who does what.', 'And please mark the risks, my board likes to see them.'],
      ],
    },
    {
      title: 'Security questions from {company}',
      summary:
        '{company} reviewed security for {product}. Hosting region and deletion were settled, the audit report is owed.',
      action: 'Send the audit report and the list of subprocessors',
      exchanges: [
        ['You sent us a list of security questions, shall we start there?', 'Yes, there are only three that worry me.'],
        ['The first one was about where data is kept.', 'It has to stay in Europe, our customers ask for it.'],
        ['It stays in Frankfurt, copies included.', 'And the support staff, where do they look in from?'],
        ['From Dublin, and only after you open a ticket.', 'Good, then I can tick that box.'],
        ['The second one was about deleting records.', 'We must show that they are gone within thirty days.'],
        ['You get a signed report for each deletion.', 'My auditor will love you for that.'],
        ['And the third, if I read it well, was about sign-in.', 'Hardware keys for administrators, is that possible?'],
        ['Yes, you can make them a must for each role.', 'Then send me the audit report and we are nearly done.'],
      ],
    },
  ],
  fillers: [
    ['Does that match how you see it?', 'Mostly, yes. I would put the order the other way round.'],
    ['Let me share my screen for a second.', 'I can see it. Could you make the letters larger?'],
    ['May I ask who uses it most today?', 'The field team, they open it before each visit.'],
    ['I wrote that down.', 'Thanks, it came up in our last meeting too.'],
    ['What would make this a success for you?', 'Fewer lists by hand, and one number that all of us trust.'],
    ['How do you do it at the moment?', 'With a shared sheet, and one brave person who keeps it alive.'],
    ['Is the budget of {amount} already approved?', 'In principle. I need one more signature.'],
    ['Shall we look at the numbers together?', 'Please, the second table was not clear to me.'],
    ['Is there anything that could slow this down?', 'Holidays in August, otherwise I see nothing.'],
    ['I can bring an engineer to the next call.', 'That would help, ours has a few detailed questions.'],
  ],
};
