// A file as its text, by Storybook's builder.

declare module '*?raw' {
  const text: string;
  export default text;
}
