import type { Phrases } from './phrases.ts';

const fillers: Phrases['fillers'] = [
  ['Est-ce que cela vous convient ?', 'Dans l’ensemble, oui.'],
  ['Un instant, je regarde.', 'Prenez votre temps.'],
  ['Merci d’avoir patienté.', 'Je vous en prie.'],
  ['C’est noté.', 'Parfait, je n’aurai pas à le répéter.'],
  ['Voulez-vous une confirmation par écrit ?', 'Oui, par courriel.'],
  ['Avez-vous une autre question ?', 'Une seule : est-ce que le prix reste le même ?'],
  ['Je relis pour être sûr.', 'Oui, tout est exact.'],
  ['J’en parle avec une collègue.', 'Merci, c’est gentil.'],
];

export const salesFrench: Phrases = {
  openings: [['Bonjour {customer}, merci d’être là.', 'Bonjour {agent}, avec plaisir.']],
  closings: [['Je vous envoie le compte rendu. Bonne journée !', 'Merci, à bientôt.']],
  topics: [
    {
      title: 'Démonstration pour {company}',
      summary: '{company} a vu {product} et souhaite un essai avec {number} personnes.',
      action: 'Ouvrir un essai pour {number} personnes',
      exchanges: [
        ['Je vous propose de commencer par la démonstration.', 'Très bien, mon équipe nous rejoint.'],
        ['Voici la page d’accueil de {product}.', 'C’est plus clair que chez nous.'],
        ['Combien de personnes vont s’en servir ?', 'À peu près {number} au début.'],
        ['Quel est votre plus grand souci aujourd’hui ?', 'Nous perdons des notes après chaque visite.'],
        ['Ici, elles restent avec le client.', 'Et on les retrouve facilement ?'],
        ['Oui, par nom, par date ou par mot.', 'Cela nous ferait gagner une heure par jour.'],
        ['Nous pouvons ouvrir un essai dès {day}.', 'Volontiers, il nous faut deux semaines.'],
        ['Le budget de {amount} est-il toujours bon ?', 'Oui, la direction a donné son accord.'],
      ],
    },
  ],
  fillers,
};

export const supportFrench: Phrases = {
  openings: [
    ['Bonjour, {agent} à l’appareil. Que puis-je faire pour vous ?', 'Bonjour, je n’arrive pas à changer mon adresse.'],
  ],
  closings: [['Puis-je faire autre chose pour vous ?', 'Non merci, au revoir.']],
  topics: [
    {
      title: 'Changement d’adresse',
      summary: 'L’adresse est changée et la commande en cours suit.',
      action: 'Vérifier la nouvelle adresse',
      exchanges: [
        ['Quel message voyez-vous ?', 'La page dit seulement : erreur {number}.'],
        ['Depuis quand cela arrive-t-il ?', 'Depuis {day}, avant tout allait bien.'],
        ['Avez-vous une commande en cours ?', 'Oui, une seule, de {amount}.'],
        ['C’est cela qui bloque le changement.', 'Alors que faut-il faire ?'],
        ['Je le fais pour vous, donnez-moi la nouvelle adresse.', 'Rue des Tilleuls, dans la même ville.'],
        ['Et le code de la porte ?', 'Il n’y en a pas, il suffit de sonner.'],
        ['Voilà, c’est changé.', 'La commande va-t-elle suivre ?'],
        ['Oui, elle partira à la nouvelle adresse.', 'Merci, vous me rendez un grand service.'],
      ],
    },
  ],
  fillers,
};
