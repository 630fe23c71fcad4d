import type { Phrases } from './phrases.ts';

export const supportEnglish: Phrases = {
  openings: [
    [
      'Thank you for calling, you are speaking with {agent}. How can I help?',
      'Hello {agent}, I hope you can sort something out for me.',
    ],
    ['Good afternoon, {agent} here. What can I do for you?', 'Hi, I have been waiting for a while, but never mind.'],
  ],
  closings: [
    ['Is there anything else I can do for you today?', 'No, that was all. Thank you, goodbye.'],
    ['You will get a message in a few minutes. Have a nice day.', 'Thanks for your patience, {agent}. Bye.'],
  ],
  topics: [
    {
      title: 'Missing parcel',
      summary: 'The parcel was left at a wrong address and is sent again.',
      action: 'Send the parcel again',
      exchanges: [
        ['What seems to be the problem?', 'My parcel should have come on {day}, and nothing is here.'],
        ['I am sorry. Do you have the order number at hand?', 'Yes, it ends in {number}.'],
        ['I see it. The driver says that it was handed over.', 'Not to me, I was at home all day.'],
        ['Could a neighbour have taken it?', 'I asked both sides, and nobody has it.'],
        ['The photo shows a green door.', 'Ours is blue, so that is not our house.'],
        ['Then it went to the wrong street. I will open a claim.', 'How long is that going to take?'],
        ['You do not need to wait, we send a new one today.', 'Oh, that is better than I expected.'],
        ['It should be with you by {day}.', 'Please let the driver ring twice, the bell is weak.'],
      ],
    },
    {
      title: 'Charged twice',
      summary: 'The customer was charged twice and gets one payment back.',
      action: 'Return the second payment',
      exchanges: [
        ['Which invoice is it about?', 'The one from last month, over {amount}. It was taken twice.'],
        ['Let me look. I see two payments on the same day.', 'Exactly, and my bank says that they cannot stop it.'],
        ['The second one came from an old subscription.', 'But I ended that in spring, I have the letter here.'],
        ['You are right, the date is in our file too.', 'So why did it start again?'],
        ['It was switched on when your plan for {product} changed.', 'Nobody told me that, I find it quite annoying.'],
        ['I understand. I have ended it for good now.', 'And what about the money?'],
        ['You get the {amount} back within five working days.', 'To the same account, I suppose?'],
        ['Yes, to the account that ends in {number}.', 'Good, then I am happy.'],
      ],
    },
    {
      title: 'Cannot sign in',
      summary: 'The customer could not sign in after a change of phone; access is restored.',
      action: 'Check the new sign-in device',
      exchanges: [
        ['What do you see when you sign in?', 'It asks for a code, but I have a new phone.'],
        ['So the codes still go to the old one?', 'I think so, and that one went to my niece.'],
        ['Did you keep the backup codes from the start?', 'Possibly, in a drawer that I cannot find.'],
        ['That is fine, I can check in another way who you are.', 'Go ahead, what do you need?'],
        ['The month of your first order, and what it was.', 'It was {product}, I believe in October.'],
        ['Thank you, that fits. I am sending you a link now.', 'One moment. Yes, here it is.'],
        ['Please open it on the new phone.', 'It shows a big square, and now it says done.'],
        ['Then try again on the computer.', 'I am in! That was quick.'],
      ],
    },
  ],
  fillers: [
    ['May I put you on hold for a moment?', 'Of course, take your time.'],
    ['Thank you for waiting.', 'No problem, the music was not too bad.'],
    ['Could you spell your street for me?', 'It is Mill Lane, M, I, double L.'],
    ['I am noting that in your file.', 'Good, so I do not need to tell it again.'],
    ['Is the e-mail address in our file still right?', 'Yes, that one has not changed.'],
    ['Does that help you so far?', 'It does, I just want to be sure that it lasts.'],
    ['The system is a little slow today.', 'Here too, it must be the weather.'],
    ['Let me read that back to you.', 'Yes, that is all correct.'],
    ['Would you like a confirmation in writing?', 'Please, by e-mail is fine.'],
    ['I have asked a colleague to have a look as well.', 'Thank you, I appreciate it.'],
  ],
};
