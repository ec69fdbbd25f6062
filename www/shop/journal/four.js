export const four = {
  id: "four-o-clock",
  title: "Four o’clock, and what glass does with it",
  intro: "There is a quarter of an hour, on clear days, in which a green bottle is worth more than the sofa. How " +
    "to find out when yours is.",
  minutes: 3,
  thing: "bottle",
  text: [
    "Light comes through a window all day long and does nothing in particular. Then, for about fifteen minutes, " +
    "it comes in flat enough to go through whatever stands on the sill and far enough to reach a wall. What it " +
    "carries with it depends on the glass: our bottle throws a green sail with a dark mast, the long can a thread " +
    "of gold.",
    "# Finding the quarter of an hour",
    "Put anything transparent on the sill in the morning and go about your day. Whenever you pass, look at the " +
    "wall opposite. In October, in a window to the south-west, you will find it at four; in June you may have to " +
    "wait until half past seven and look behind the door.",
    "Write it down on the frame with a pencil, and the date with it. After a year you have a calendar that only " +
    "works in your room. The one in the shop goes back to the former owner’s grandmother, and is off by nothing.",
    "> After a year you have a calendar that only works in your room.",
    "# One piece at a time",
    "Two coloured glasses side by side make brown. It is the same with most things. Give each its own end of the " +
    "sill, or let them take turns, a month each. The wall will thank you, and you will notice when it changes.",
    "Water works too. A plain glass of it, filled to two thirds, will put a small restless lens on the ceiling as " +
    "soon as a lorry passes. Children see this before you do. So, we are told, does the cat.",
    "# If there is no sun",
    "Then there is a street lamp. It is lower than the sun and comes from one side only, and what it throws is " +
    "longer and less sure of itself, but it comes every night and does not mind the weather. Stand the bottle " +
    "where the lamp can reach it, draw the half curtain to the side, and switch everything off for a minute.",
    "We have had people come in the day after, somewhat embarrassed, to buy a second one for the other window. We " +
    "always tell them to wait for a year first. About half of them do. The other half are our best customers.",
  ],
};
