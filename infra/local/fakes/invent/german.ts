import type { Phrases } from './phrases.ts';

const fillers: Phrases['fillers'] = [
  ['Passt das so für Sie?', 'Im Großen und Ganzen ja.'],
  ['Einen Moment bitte, ich schaue kurz nach.', 'Lassen Sie sich ruhig Zeit.'],
  ['Danke fürs Warten.', 'Kein Problem.'],
  ['Das habe ich mir notiert.', 'Sehr gut, dann muss ich es nicht noch einmal erzählen.'],
  ['Soll ich Ihnen das schriftlich geben?', 'Ja, gern per E-Mail.'],
  ['Haben Sie dazu noch eine Frage?', 'Nur, ob das auch nächstes Jahr so bleibt.'],
  ['Darf ich das kurz wiederholen?', 'Ja, das stimmt alles.'],
  ['Ich frage dazu eine Kollegin.', 'Danke, das ist nett.'],
];

export const salesGerman: Phrases = {
  openings: [
    ['Guten Tag {customer}, schön, dass es klappt.', 'Hallo {agent}, ich freue mich auch.'],
    ['Hallo {customer}, hören Sie mich gut?', 'Ja, bestens. Legen wir los.'],
  ],
  closings: [['Ich schicke Ihnen das Protokoll. Vielen Dank!', 'Danke Ihnen, auf Wiederhören.']],
  topics: [
    {
      title: 'Angebot für {company}',
      summary: '{company} prüft {product} für {number} Arbeitsplätze und wünscht ein Angebot.',
      action: 'Angebot für {number} Arbeitsplätze senden',
      exchanges: [
        ['Sie wollten über {product} sprechen.', 'Genau, wir suchen etwas für den ganzen Außendienst.'],
        ['Um wie viele Arbeitsplätze geht es?', 'Etwa {number}, verteilt auf drei Standorte.'],
        ['Womit arbeiten Sie heute?', 'Mit Tabellen, und das wird langsam zu mühsam.'],
        ['Was stört Sie daran am meisten?', 'Niemand weiß, welche Fassung die richtige ist.'],
        ['Das lösen wir mit einem gemeinsamen Stand.', 'Und wenn einmal kein Netz da ist?'],
        ['Dann gleicht es sich später von selbst ab.', 'Gut, das ist für uns in den Bergen wichtig.'],
        ['Gibt es schon ein Budget?', 'Ungefähr {amount} für das erste Jahr.'],
        ['Damit kommen wir gut hin.', 'Dann freue ich mich auf Ihr Angebot bis {day}.'],
      ],
    },
  ],
  fillers,
};

export const supportGerman: Phrases = {
  openings: [
    [
      'Guten Tag, mein Name ist {agent}. Was kann ich für Sie tun?',
      'Guten Tag, ich habe ein Problem mit meiner Bestellung.',
    ],
  ],
  closings: [['Kann ich sonst noch etwas für Sie tun?', 'Nein, vielen Dank. Auf Wiederhören!']],
  topics: [
    {
      title: 'Beschädigte Lieferung',
      summary: 'Die Lieferung kam beschädigt an, Ersatz ist unterwegs.',
      action: 'Ersatz senden',
      exchanges: [
        ['Was ist denn passiert?', 'Das Paket kam am {day}, aber der Deckel ist gebrochen.'],
        ['Das tut mir leid. Haben Sie die Nummer der Bestellung?', 'Ja, sie endet auf {number}.'],
        ['War der Karton von außen beschädigt?', 'An einer Ecke ja, ich habe es fotografiert.'],
        ['Können Sie mir das Bild schicken?', 'Ist schon unterwegs.'],
        ['Danke, da ist es. Das geht auf unsere Rechnung.', 'Muss ich das alte Stück zurücksenden?'],
        ['Nein, das dürfen Sie behalten.', 'Oh, das ist aber freundlich.'],
        ['Der Ersatz geht heute noch hinaus.', 'Wann wird er hier sein?'],
        ['In zwei bis drei Tagen.', 'Das reicht mir völlig.'],
      ],
    },
  ],
  fillers,
};
