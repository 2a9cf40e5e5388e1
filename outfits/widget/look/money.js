/** Prices as the page's language writes them. */

/** How to write {amount, currency} in `language`. */
export const moneyIn = (language) => ({ amount, currency }) => {
  try {
    return new Intl.NumberFormat(language, { style: "currency", currency }).format(amount);
  } catch {
    return `${amount} ${currency}`; // Not a currency.
  }
};

/** What products cost together; undefined where there are none, or currencies differ. */
export function sum(products) {
  const prices = products.map(({ price }) => price);
  const currency = prices[0]?.currency;
  if (!currency || prices.some((price) => price.currency !== currency)) return;
  const cents = prices.reduce((all, { amount }) => all + Math.round(amount * 100), 0);
  return { amount: cents / 100, currency };
}
