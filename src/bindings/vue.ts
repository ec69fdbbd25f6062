/** Vue: a plugin, composables, and the summary as a component. */

import { defineComponent, h, inject, onMounted, onUnmounted, readonly, shallowRef, watchEffect } from "vue";
import type { DefineComponent, InjectionKey, Plugin, Ref } from "vue";
import { init, type Audience, type Options, type Visit } from "passerby";
import { show, TAG, type SummaryProps } from "./summary";

export type { SummaryProps };

const KEY: InjectionKey<Visit> = Symbol.for("passerby:vue");

/** `app.use(createPasserby({ collector }))`; the visit is there for routers and stores too. */
export function createPasserby(options?: Options): Plugin & { visit: Visit } {
  const visit = init(options);
  return { visit, install: (app) => void app.provide(KEY, visit) };
}

export function useVisit(): Visit {
  const visit = inject(KEY);
  if (!visit) throw Error("useVisit() needs app.use(createPasserby())");
  return visit;
}

/** "user" until mounted, so that what a server has rendered fits. */
export function useAudience(): Readonly<Ref<Audience>> {
  const visit = useVisit();
  const audience = shallowRef<Audience>("user");
  const read = () => void (audience.value = visit.audience);
  onUnmounted(visit.on("audience", read));
  onMounted(read);
  return readonly(audience);
}

export const PasserbySummary: DefineComponent<SummaryProps> = defineComponent({
  props: { open: Boolean, button: Boolean },
  setup(props: SummaryProps) {
    const visit = useVisit();
    const element = shallowRef();
    onMounted(() => watchEffect(() => show(element.value, visit, props)));
    return () => h(TAG, { ref: element });
  },
}) as any;
