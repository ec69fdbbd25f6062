export const cats = {
  id: "a-cat-is-not-an-object",
  title: "A cat is not an object, but it will do",
  intro: "Of all the things that people put on a sill, one puts itself there. Notes on how to arrange the rest of " +
    "it around somebody who has not been asked.",
  minutes: 3,
  thing: "cushion",
  text: [
    "Ours is called Till, after the thing she sleeps beside when the sun is on that side. She came with the shop. " +
    "The former owner wrote her into the contract between the awning and the second key, and as it turned out she " +
    "was the only item on that page that worked.",
    "# What a cat does for a window",
    "It moves. Not much, and never when one waits for it; but a window in which something might move is looked at " +
    "for three times as long. We timed it with a watch, from the bench across the street, and then gave up timing " +
    "because we were looking too.",
    "It also settles the question of the gap. Every sill needs an empty place, and every cat makes one. Where she " +
    "lies, nothing else will stand for long. Put the jug there and it will be on the floor by evening; put the " +
    "cushion there and you have given way gracefully.",
    "> Where she lies, nothing else will stand for long.",
    "# What to keep out of reach",
    "Lilies, because they are poison. Seed heads, because they are not, and are eaten for that reason. Anything " +
    "that rolls. The wooden bird is safe: it has been looked at for two years with great attention and found to " +
    "be wood.",
    "Glass is a matter of character. Some cats walk between six bottles in the dark without a sound. Others look " +
    "you in the eye, put a paw on the first one, and wait for you to say something. If yours is of the second " +
    "kind, begin with the iron tray.",
    "# For those without",
    "One can have the effect without the animal. A cushion with a hollow in it says that somebody has just got " +
    "up. So does a book, face down. What the passer-by looks for is not the cat; it is the sign that the room " +
    "goes on when nobody is looking. In that respect a sill is like any other kind of shop.",
    "Till has read this and has no remarks. She has turned round twice and is asleep with her back to the street, " +
    "which is the greatest compliment that she pays to a window.",
  ],
};
