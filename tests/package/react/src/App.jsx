import { useEffect, useState } from "react";
import { PasserbySummary, useAudience, useVisit } from "passerby/react";
import { Mark } from "./Mark.jsx";

export function App() {
  const visit = useVisit();
  const [home, setHome] = useState(location.pathname === "/");
  const [open, setOpen] = useState(false);
  useEffect(() => void Object.assign(window, { visit, openSummary: () => setOpen(true) }), [visit]);

  const go = (event) => {
    event.preventDefault();
    history.pushState({}, "", "/next");
    setHome(false);
  };
  return (
    <>
      <title>{home ? "Home" : "Next"}</title>
      <h1>{home ? "Home" : "Next"}</h1>
      <Audience />
      <Mark />
      <a id="next" href="/next" onClick={go}>Next</a>
      <button id="buy" onClick={() => visit.purchase({ transaction_id: "T-1", value: 5, currency: "EUR" })}>Buy</button>
      <PasserbySummary open={open} />
    </>
  );
}

function Audience() {
  return <p>You are a <output id="audience">{useAudience()}</output>.</p>;
}
