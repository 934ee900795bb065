// The prebuilt file of simple-peer: its sources need Node's polyfills, this one brings what it needs.
declare module 'simple-peer/simplepeer.min.js' {
  import SimplePeer from 'simple-peer';
  export default SimplePeer;
}
