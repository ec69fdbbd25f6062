/**
 * `passerby/commerce`: GA4's e-commerce events with the shapes GA4 gives them, so that a misspelt name or a missing
 * currency is an error in the editor and not a gap in a report. They only call `track` and `purchase`.
 *
 *     const shop = commerce(visit);
 *     shop.addToCart({ currency: "EUR", value: "7.77", items: [{ item_id: "SKU_1", price: "7.77" }] });
 */

import type { Order, Properties, Visit } from "./types";

/** Decimal text keeps every digit: "79.90". */
export type Amount = number | string;

export interface Item {
  item_id?: string;
  item_name?: string;
  price?: Amount;
  quantity?: number;
  [property: string]: unknown;
}

export interface Items {
  items: Item[];
  [property: string]: unknown;
}

/** Items and what they cost together, in an ISO 4217 currency. */
export interface Worth extends Items {
  currency: string;
  value: Amount;
}

/** The cart as it is now. */
export interface Cart {
  currency: string;
  value: Amount;
  /** How many items are in it. */
  items: number;
  [property: string]: unknown;
}

/** All of the order; with a value, so much of it; with items and no value, their prices times quantities. */
export interface Refund {
  transaction_id: string;
  /** Without one it is the order's. */
  currency?: string;
  value?: Amount;
  /** All with a price, else nobody knows how much was given back, and nothing is taken off. None is as if left out. */
  items?: Item[];
  [property: string]: unknown;
}

export interface Commerce {
  viewItemList(list: Items): void;
  selectItem(list: Items): void;
  viewItem(item: Worth): void;
  addToWishlist(items: Worth): void;
  addToCart(items: Worth): void;
  removeFromCart(items: Worth): void;
  viewCart(cart: Worth): void;
  cart(cart: Cart): void;
  beginCheckout(cart: Worth): void;
  addShippingInfo(cart: Worth): void;
  addPaymentInfo(cart: Worth): void;
  purchase(order: Order): void;
  refund(refund: Refund): void;
  /** An order that failed: declined, out of stock. */
  orderError(error: { order: string; reason?: string }): void;
}

const NAMES = [
  "viewItemList", "selectItem", "viewItem", "addToWishlist", "addToCart", "removeFromCart", "viewCart", "cart",
  "beginCheckout", "addShippingInfo", "addPaymentInfo", "refund", "orderError",
] as const;

export function commerce(visit: Pick<Visit, "track" | "purchase">): Commerce {
  const tracks = NAMES.map((name) => {
    const event = name.replace(/[A-Z]/g, "_$&").toLowerCase();
    return [name, (props: Properties) => visit.track(event, props)] as const;
  });
  return { ...Object.fromEntries(tracks), purchase: (order: Order) => visit.purchase(order) } as unknown as Commerce;
}
