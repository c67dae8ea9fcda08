/*! For license information please see main.4f2a91bc.js.LICENSE.txt */
(self.webpackChunklumenstack=self.webpackChunklumenstack||[]).push([[179],{}]);
