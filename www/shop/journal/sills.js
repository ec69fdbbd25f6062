export const sills = {
  id: "on-window-sills",
  title: "On window sills, and whom they are for",
  intro: "A sill is the only shelf in a house that has two sides. What you put there is seen from the room by you " +
    "and from the street by people you will never meet.",
  minutes: 4,
  thing: "jug",
  figure: {
    label: "A lantern, a jug, a gap, and a bell, in a row.",
    caption: "Tall, round, a gap, and one that catches the light.",
  },
  text: [
    "Most shelves keep things. A sill shows them, and not only to the one who lives behind it. Walk down any " +
    "street after dark and you can tell at once which windows were arranged from the inside and which from the " +
    "outside. The first kind turns its back: the good side of the jug faces the sofa, the plant grows towards the " +
    "glass and presents its stalks to you. The second kind has been carried out on to the pavement, as it were, " +
    "and looked at.",
    "# Three things, and a gap",
    "The old shopkeepers’ rule is three things and a gap. One tall, one round, one that catches the light; and " +
    "between two of them enough room for a hand. The gap matters most. It tells the passer-by that something has " +
    "been taken away, or is about to be put there, and so that somebody is at home. A full window says that " +
    "nobody has touched it for a year.",
    "Start with the tall thing, and put it off the middle. A lantern does well because it has a reason to stand " +
    "there. Then the round one, near it, low: a jug, a bowl, a sleeping cat if you have one. Leave the gap. Then, " +
    "at the far end, whatever catches the light: glass, brass, water.",
    "# People who pass",
    "For a year we counted them. Not who they were, which is none of our business, but what they did. Of a " +
    "hundred people who walk past a window, about seventy do not turn their heads. Twenty look and walk on; the " +
    "shopkeepers’ word for that is a bounce, though nobody has ever been seen to. Eight slow down. Two stop, and " +
    "of those two one will come in, sooner or later, and mostly later.",
    "> They had been customers for weeks without having bought anything.",
    "What struck us was how little the first look had to do with it. Those who came in had nearly all walked past " +
    "before, four or five times, and had looked a little longer each time. We began to write for them on the " +
    "small card in the window: not “come in”, which is for strangers, but “the jug is back”, which is for someone " +
    "who has seen it before.",
    "# The light behind",
    "Put the lamp behind the things, never before them. Lit from the front, a window is a picture of a shelf. Lit " +
    "from the back, every object becomes its own outline, and outlines can be read from across the street. If you " +
    "have a half curtain, light it too: linen takes the colour of the lamp and gives the whole arrangement a " +
    "ground to stand on.",
    "Candles need a hand’s width to the pane and a lantern round them; the draught at a sill is stronger than you " +
    "think, even behind good glass. The pane doubles the flame. It is the only bargain we know of in this trade: " +
    "you light one, and the street gets another.",
    "# When to change it",
    "Change one thing a week, and never two. Somebody who passes daily notices one new thing and is pleased with " +
    "himself; of two he notices neither. At the turn of the season take everything down, wash the sill, leave it " +
    "bare for a night, and begin again with the gap.",
  ],
};
