import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PasserbyProvider } from "passerby/react";
import { App } from "./App.jsx";

createRoot(document.getElementById("root")).render(
  <StrictMode>
    <PasserbyProvider options={{ collector: window.collectorUrl, site: "app" }}>
      <App />
    </PasserbyProvider>
  </StrictMode>,
);
