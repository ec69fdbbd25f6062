import { createPasserby } from "passerby/vue";

export default defineNuxtPlugin(({ vueApp }) => {
  vueApp.use(createPasserby({ collector: (globalThis as any).collectorUrl, site: "app" }));
});
