export const lamps = {
  id: "the-hour-of-lamps",
  title: "The hour of lamps",
  intro: "Between the moment when the first lamp is lit in a street and the moment when the first curtain is " +
    "drawn lie about forty minutes. They are the best of the day, and they cost nothing.",
  minutes: 3,
  thing: "lamp",
  text: [
    "You will have seen it without knowing that it has hours of its own. The sky is not dark yet but has stopped " +
    "giving light; it only has colour left. Somebody in a first floor switches on a lamp to find a pair of " +
    "glasses, and does not switch it off again. From then on the street has a second set of pictures.",
    "# Why nobody draws the curtain",
    "Because it is not night. Curtains are drawn against the dark, and as long as there is blue outside there is " +
    "no dark to keep out. So for forty minutes people cook, look for things, read half a page standing, and are " +
    "seen. Nobody minds. It is understood on both sides of the glass that one looks as one looks at a fire: at " +
    "the whole of it, and at nothing in particular.",
    "We have asked customers what they saw on their way here. Almost all named a window, and nearly none could " +
    "say whose it was. That is as it should be. A good look keeps what happened and lets go of who it was.",
    "> A good look keeps what happened and lets go of who it was.",
    "# Which lamp",
    "Not the one on the ceiling. A ceiling light makes a room into a box with people in it. One lamp, low, with a " +
    "shade of cloth, near the window but not in it: then the room has a near and a far end, and the sill stands " +
    "before it like the edge of a stage. If you own two lamps, light the smaller.",
    "The bulb wants to be warm and weak. What looks like too little from the sofa is plenty from the pavement. We " +
    "sell one of forty old watts with the evening lamp, and have yet to meet somebody who wished for more.",
    "# A small experiment",
    "Go down, once, at that hour, and stand where the others walk. Take a neighbour’s word that it is your window " +
    "if you do not recognise it. You will see what is missing; usually it is less than you thought. Come back up, " +
    "take one thing off the sill, and move the lamp a hand to the left.",
    "Then sit down with your back to the window. Somebody outside will be pleased, and you will never know who. " +
    "It is the only kind of attention we know of that makes nobody poorer.",
  ],
};
