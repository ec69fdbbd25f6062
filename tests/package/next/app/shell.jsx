"use client";

import Link from "next/link";
import { useEffect, useState } from "react";
import { PasserbyProvider, PasserbySummary, useAudience, useVisit } from "passerby/react";

/** Around every page, and rendered on the server first. */
export function Shell({ children }) {
  return (
    <PasserbyProvider options={{ collector: globalThis.collectorUrl, site: "app" }}>
      {children}
      <Tools />
    </PasserbyProvider>
  );
}

function Tools() {
  const visit = useVisit();
  const audience = useAudience();
  const [open, setOpen] = useState(false);
  useEffect(() => void Object.assign(window, { visit, openSummary: () => setOpen(true) }), [visit]);
  return (
    <>
      <p>You are a <output id="audience">{audience}</output>.</p>
      <Link id="next" href="/next">Next</Link>
      <button id="buy" onClick={() => visit.purchase({ transaction_id: "T-1", value: 5, currency: "EUR" })}>Buy</button>
      <PasserbySummary open={open} />
    </>
  );
}
