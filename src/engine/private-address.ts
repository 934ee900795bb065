/** True for addresses that mean something on the device's own network only, and for names the browser hides them behind. */
export function isPrivateAddress(address: string): boolean {
  return /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|127\.|f[cd]|fe80|::1)|\.local$/i.test(address);
}
