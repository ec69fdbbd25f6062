// A page as a server writes it.

import { init } from "passerby";
import "passerby/widget";

console.log(`<p>You are a ${init({ collector: "https://collector.example/v1/batch" }).audience}.</p>`);
