/** Angular: a provider, inject functions, and the summary as a standalone component. */

import * as core from "@angular/core";
import { init, type Audience, type Options, type Visit } from "passerby";
import { show, type SummaryProps } from "./summary";

export type { SummaryProps };

const VISIT: core.InjectionToken<Visit> = new core.InjectionToken<Visit>("passerby");

/** In the application's providers: opens the visit when the application starts. */
export const providePasserby = (options?: Options): core.EnvironmentProviders =>
  core.makeEnvironmentProviders([
    { provide: VISIT, useFactory: () => init(options) },
    core.provideEnvironmentInitializer(() => void core.inject(VISIT)),
  ]);

export const injectVisit = (): Visit => core.inject(VISIT);

export function injectAudience(): core.Signal<Audience> {
  const visit = injectVisit();
  const audience = core.signal(visit.audience);
  core.inject(core.DestroyRef).onDestroy(visit.on("audience", () => audience.set(visit.audience)));
  return audience.asReadonly();
}

/**
 * `<passerby-summary [open]="true" />`: the element itself is the component's host. Declared as Angular's own
 * compiler declares what libraries publish, which is what its linker reads in every version since.
 */
export class PasserbySummary implements SummaryProps, core.OnChanges {
  open?: boolean | undefined;
  button?: boolean | undefined;
  private element: object = core.inject(core.ElementRef).nativeElement;
  private visit: Visit = injectVisit();

  ngOnChanges(): void {
    show(this.element, this.visit, this);
  }

  ngOnInit(): void {
    this.ngOnChanges();
  }

  static ɵfac: core.ɵɵFactoryDeclaration<PasserbySummary, never> = core.ɵɵngDeclareFactory({
    minVersion: "12.0.0",
    version: "19.0.0",
    ngImport: core,
    type: PasserbySummary,
    deps: [],
    target: core.ɵɵFactoryTarget.Component,
  } as any) as any;

  // The compiler reads this type as text: every name has to be spelt out.
  static ɵcmp: core.ɵɵComponentDeclaration<
    PasserbySummary, "passerby-summary", never,
    { open: { alias: "open"; required: false }; button: { alias: "button"; required: false } },
    {}, never, never, true, never
  > = core.ɵɵngDeclareComponent({
    minVersion: "14.0.0",
    version: "19.0.0",
    ngImport: core,
    type: PasserbySummary,
    isStandalone: true,
    selector: "passerby-summary",
    inputs: { open: "open", button: "button" },
    usesOnChanges: true,
    isInline: true,
    template: "",
  } as any) as any;
}
