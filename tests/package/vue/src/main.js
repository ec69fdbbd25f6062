import { createApp, h } from "vue";
import { createRouter, createWebHistory } from "vue-router";
import { createPasserby } from "passerby/vue";
import App from "./App.vue";

const heading = (text) => ({ render: () => h("h1", text) });
const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", component: heading("Home") },
    { path: "/next", component: heading("Next") },
  ],
});
createApp(App).use(createPasserby({ collector: window.collectorUrl, site: "app" })).use(router).mount("#root");
