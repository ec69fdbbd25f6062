// What the shop sells. The one place that knows names and prices.

/** id, which is also the drawing in /art.svg; name; price in cents; kind; one line; and a story in paragraphs. */
const thing = (id, kind, name, cents, line, size, ...story) => ({ id, kind, name, cents, line, size, story });

export const KINDS = { light: "Light", vessels: "Vessels", cloth: "Cloth", company: "Company" };

export const GOODS = [
  thing("lantern", "light", "The sill lantern", 4800,
    "Tin and glass. Holds one candle and keeps the draught from it.",
    "24 cm high, folds flat for summer",
    "Put it a hand’s width from the glass: the pane doubles the flame, and the street gets the second one.",
    "The door is on the left, because most people light it with the right. The tin is soldered, not glued, and may " +
    "stand outside until the first frost."),
  thing("jug", "vessels", "The sprig jug", 3200,
    "Red clay, half dipped in white slip. For one branch, not for a bouquet.",
    "18 cm, six decilitres",
    "Each one is thrown by hand, so the white line never comes out level twice.",
    "Cut the branch at a slant and give it fresh water on Sundays. Do not let the jug stand filled in a frost: clay " +
    "forgives nearly everything, but not that."),
  thing("curtain", "cloth", "The half curtain", 3900,
    "Washed linen with a brick hem. Hides the room, leaves the sky.",
    "Cut to your window, up to 140 cm",
    "Hangs on a rod at half height, where eyes pass. From the street one sees that somebody is at home, and not who.",
    "Wash it warm and hang it wet: it dries without an iron, and the creases are meant."),
  thing("bell", "company", "The door bell", 1800,
    "Brass on a steel spring. Rings once, and means it.",
    "Fits every door, two screws",
    "Screw it where the door just touches it. The spring is tuned so that a passer-by hears you open, and you hear " +
    "them come in.",
    "It needs no polish. Brass that is rung goes dark where nobody touches it and stays bright where the door does."),
  thing("candles", "light", "Three candles", 1400,
    "Beeswax, of three heights, on a tray of iron.",
    "Burn 6, 9 and 12 hours",
    "Lit together they go out one after the other, from left to right: a clock for evenings without plans.",
    "Poured in the yard behind the shop, in old moulds. They smell of honey for the first hour and of nothing after."),
  thing("bowl", "vessels", "The lemon bowl", 2800,
    "Blue glaze, wide mouth. Low enough to leave the view alone.",
    "26 cm across",
    "A bowl on a sill is the round thing among the tall ones. Three lemons are enough; five are a shop.",
    "The glaze holds a little cobalt and is fired twice, which is why the rim looks wet even when it is dry."),
  thing("lamp", "light", "The evening lamp", 6900,
    "Turned foot, linen shade. For the hour before you draw the curtain.",
    "38 cm, warm bulb included",
    "Put it behind the things, never before them: lit from the back, each becomes its own outline, and outlines can " +
    "be read from across the street.",
    "The foot is ash, painted with milk paint. The switch is on the cord, where a hand finds it in the dark."),
  thing("bird", "company", "The wooden bird", 2400,
    "Carved in an afternoon. Looks out, so that you need not.",
    "12 cm, lime wood on brass",
    "It turns on its foot. Most owners have it look down the street in the morning and back into the room at night.",
    "No two have the same eye. If yours looks cross, bring it in and choose another."),
  thing("bottle", "vessels", "The green bottle", 2200,
    "Blown glass that throws its colour on the wall at four o’clock.",
    "30 cm, with a seed head",
    "The one thing on a sill that does nothing until the sun comes. Then it does everything.",
    "Blown from bottles that were bottles before; the bubbles are their opinion of it."),
  thing("cushion", "cloth", "The sill cushion", 5400,
    "Striped ticking, filled with buckwheat. A seat for one, or a cat.",
    "90 × 35 cm, cover comes off",
    "Makes a shelf into a place. Wide enough to sit sideways with a book, narrow enough that nobody joins you.",
    "The filling settles to whoever uses it most. In our window this is not a person."),
  thing("can", "vessels", "The long can", 4400,
    "Brass, with a neck that reaches the pot at the back.",
    "1.2 litres",
    "Made for people who put the thirsty plant in the last row and regret it for years.",
    "The rose unscrews. Without it the can pours a straight line into a jug without waking the flowers next to it."),
  thing("geranium", "company", "The red geranium", 1600,
    "Rooted in March by the neighbour. Asks for little, says so loudly.",
    "In a pot of 14 cm",
    "Turn it a quarter on Mondays, or it will lean out and look at people.",
    "Take off what has withered, keep it nearly dry in winter, and it will be there longer than the sofa."),
];

export const good = (id) => GOODS.find((one) => one.id === id);
export const euros = (cents) => (cents / 100).toFixed(2);
export const price = (cents) => `€${euros(cents)}`;

/** Name, line, kind or story: whoever types in a shop does not know where a word stands. */
export function found(words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const text = ({ name, line, kind, story }) => [name, line, KINDS[kind], ...story].join(" ").toLowerCase();
  return wanted.length === 0 ? [] : GOODS.filter((one) => wanted.every((word) => text(one).includes(word)));
}
